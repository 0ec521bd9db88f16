team "web" {}
// <<<<<<< HEAD
team "search" {}
// =======
team "mail" {}
// >>>>>>> teams
